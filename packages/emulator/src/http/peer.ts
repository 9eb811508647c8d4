/** Where a request came from, as the socket says; a header could be forged. */
const peers = new WeakMap<Request, string>()

export function notePeer(request: Request, address: string | undefined): void {
  // A socket that is gone already has no address; its answer reaches nobody.
  peers.set(request, address ?? 'gone')
}

/** Whether a request was sent by this machine to itself, or handed over in the same process. */
export function isLocalPeer(request: Request): boolean {
  const address = peers.get(request)
  return address === undefined || /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/.test(address)
}
