/**
 * The folder that all items of a submission are in, which `store_base_path_info` asks to keep. That it is the longest such
 * folder is inferred from the name: the two keys are documented as optional, and no recorded task has them filled.
 */
export function basePath(paths: readonly string[]): string | null {
  const [first, ...others] = paths.map((path) => path.split('/').slice(0, -1))
  if (first === undefined) return null
  const same = first.findIndex((part, index) => others.some((other) => other[index] !== part))
  const common = same < 0 ? first : first.slice(0, same)
  return common.length === 0 ? null : `${common.join('/')}/`
}
