# the report panel
