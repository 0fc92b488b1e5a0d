//! The doors through which local images come: files, folders, media and archives, honest and hostile.

mod archives;
mod folders;
mod made;
mod program;
mod speed;
mod window;
