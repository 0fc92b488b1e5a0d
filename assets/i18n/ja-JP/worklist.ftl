# sign-in and worklist
