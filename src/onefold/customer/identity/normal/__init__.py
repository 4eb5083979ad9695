"""Fields that identify, in comparable form: one file a kind of field, all pure functions of one value."""
