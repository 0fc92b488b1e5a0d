# Sentences of the room `demo`.

demo-not-loopback = The demo centre listens on this machine only, and { $address } can be reached from outside. Use 127.0.0.1 with a port, such as 127.0.0.1:8443.
demo-listen = The demo centre cannot listen on { $address }: { $why }. Choose another port, or port 0 for any free one.
demo-certificate = The demo centre could not make its certificate: { $why }. Check the system's date and time, then start it again.
demo-no-randomness = The system gave no random bytes for the demo centre's password. Start it again; if it stays so, restart the machine.
