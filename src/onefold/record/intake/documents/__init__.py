"""Documents as rows: e-mails, transcripts, texts, chats and tickets. Bytes in, rows or a reason out."""
