# Sentences of the room `render`.

render-no-adapter = No usable graphics adapter was found. Images are computed on the processor, which is slower; update the graphics driver to use the GPU.
render-device-lost = The graphics adapter stopped responding. Draw again; if it happens often, update the graphics driver.
render-out-of-memory = The memory of the graphics adapter is full. Close other images, or use the processor instead (--device cpu).
render-too-large = The image is too large for this graphics adapter ({ $asked }, the limit is { $limit }). Use the processor instead (--device cpu).
render-failed = The graphics driver refused to draw: { $what }. Use the processor instead (--device cpu) and update the driver.
