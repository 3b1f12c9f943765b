// Loaded before the engine: notes in a file what it has brought to the disk, so that a power cut can be played afterwards.
const fs = require('node:fs');

const log = process.env.SYNC_LOG;
const { appendFileSync, fstatSync, readlinkSync } = fs;
const note = (entry) => appendFileSync(log, `${JSON.stringify(entry)}\n`);
const seen = (descriptor) => ({ path: readlinkSync(`/proc/self/fd/${descriptor}`), size: fstatSync(descriptor).size });

const { fsyncSync, fdatasync, renameSync, linkSync, writeFileSync } = fs;
fs.fsyncSync = (descriptor) => {
  const before = seen(descriptor);
  fsyncSync(descriptor);
  note(before);
};
fs.fdatasync = (descriptor, done) => {
  const before = seen(descriptor);
  fdatasync(descriptor, (error) => {
    if (!error) note(before);
    done(error);
  });
};
fs.renameSync = (from, to) => {
  renameSync(from, to);
  note({ from, to });
};
fs.linkSync = (from, to) => {
  linkSync(from, to);
  note({ from, to });
};
fs.writeFileSync = (file, data, options) => {
  writeFileSync(file, data, options);
  if (options?.flush) note({ path: file, size: Buffer.byteLength(data) });
};
