//! What the end of a part of a file cuts in two.

/// Bytes that wait for those that follow them.
#[derive(Debug, Default)]
pub(super) struct Rest(Vec<u8>);

impl Rest {
    /// Has the bytes that waited read with the next ones; `read` says of how many it has no more
    /// need, the others wait. After an error none do.
    pub(super) fn feed<E>(
        &mut self,
        bytes: &[u8],
        read: impl FnOnce(&[u8]) -> Result<usize, E>,
    ) -> Result<(), E> {
        let mut text = std::mem::take(&mut self.0);
        text.extend_from_slice(bytes);
        let n_read = read(&text)?;
        text.drain(..n_read);
        self.0 = text;
        Ok(())
    }

    /// Those that wait.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
