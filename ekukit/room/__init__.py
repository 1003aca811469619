"""What a trainer needs around the views: the page for a room, its check, bundles, hand-outs."""
