"""Action items: what people decided to do, who does it and by when."""
