"""What the bot does about what people say, and the words of it. Pure: records come in, decisions and answers come out."""
