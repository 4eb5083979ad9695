"""Request and purpose in; decision, permit and view out, with an audit record of each."""
