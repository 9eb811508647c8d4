const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/**
 * Refuses whatever is not a UUID before it becomes part of an address: the SDK puts ids into paths as they are, and
 * `..` in one would reach another operation.
 *
 * @throws TypeError that names the argument
 */
export function requireUuid(value: unknown, name: string): string {
  if (typeof value === 'string' && uuid.test(value)) return value
  throw new TypeError(`${name} must be a UUID.`)
}

/**
 * The same for ids of permissions and roles, which Globus promises no form of: `rule_id: str` and `role_id: str` in
 * <https://globus-sdk-python.readthedocs.io/en/stable/services/transfer.html>, where ids of endpoints are UUIDs.
 *
 * @throws TypeError that names the argument
 */
export function requireIdentifier(value: unknown, name: string): string {
  if (typeof value === 'string' && /^[\w-]{1,64}$/.test(value)) return value
  throw new TypeError(`${name} must be 1 to 64 letters, digits, "-" or "_".`)
}
