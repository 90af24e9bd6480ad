// Records of an export as they stand on the disk.

/// What stands in the file from a byte on: one line of a chat, one message of a mailbox.
export function record(bytes, byte, source) {
  const rest = bytes.subarray(byte, byte + (1 << 20)).toString('utf8');
  return rest.split(source.endsWith('.mbox') ? '\nFrom ' : '\n')[0];
}
