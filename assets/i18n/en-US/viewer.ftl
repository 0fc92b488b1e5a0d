# viewports and what lies over them
