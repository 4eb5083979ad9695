"""What people ask of the firm about their own data: each request, its steps, until when it is answered."""
