"""What trains the weights in ``bot/guidance/weights``: run by hand, needs scikit-learn, leaves a small data file."""
