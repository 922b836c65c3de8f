"""What webhooks say: the bodies, and the status page's judgement for those who tell it."""
