"""What a contract only references: asked of its source once the gate has granted it, and kept nowhere."""
