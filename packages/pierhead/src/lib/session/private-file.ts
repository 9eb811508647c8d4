import { closeSync, constants, fchmodSync, fstatSync, openSync, statfsSync } from 'node:fs'

/**
 * Makes sure that the file exists and that only its owner may read it, and throws when it cannot be written to or lies on
 * a network file system, where locks between processes do not work. Told on Linux only.
 */
export function preparePrivateFile(path: string): void {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  try {
    if ((fstatSync(file).mode & 0o077) !== 0) fchmodSync(file, 0o600)
  } finally {
    closeSync(file)
  }
  if (process.platform === 'linux' && isNetworkFileSystem(statfsSync(path).type)) {
    throw new Error('it is on a network file system, where locks do not work; choose a local disk')
  }
}

/** True for the numbers that Linux gives to network file systems (linux/magic.h). */
export function isNetworkFileSystem(type: number): boolean {
  return networkFileSystems.has(type >>> 0)
}

// NFS, SMB, CIFS, SMB2, 9P, AFS, Ceph, Lustre, GPFS.
const networkFileSystems: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x5346414f, 0x00c36400, 0x0bd00bd0, 0x47504653,
])
