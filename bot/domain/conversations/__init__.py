"""What the bot does about what people say, and its words. Pure: records come in, decisions and answers come out."""
