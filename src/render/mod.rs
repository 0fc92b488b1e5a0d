//! wgpu: the device, textures, passes and the offscreen target. Knows nothing of egui or of DICOM.
