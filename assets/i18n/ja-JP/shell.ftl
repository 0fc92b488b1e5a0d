# the frame: screens, menus, commands, settings, notices
