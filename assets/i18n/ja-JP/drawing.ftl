# measurements and drawings
