import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import type { PackedPackage } from './pack.ts'

/** What belongs into a package besides the compiled code. */
const always = ['LICENSE', 'README.md', 'package.json']

/** Files that are missing or do not belong there, and traces of the sources they were made from. */
export function checkFiles({ folder, files, manifest }: PackedPackage): string[] {
  const wanted = new Set([...always, ...manifest.files.filter((file) => file !== 'dist')])
  const isCode = (path: string): boolean => /^dist\/.*\.(js|d\.ts)$/.test(path) && !/(^|\/)test\//.test(path)
  const leaks = files.flatMap((path) => {
    const trace = /pierhead-source|sourceMappingURL|(?:from |import\()['"][./]*\/src\/|"\.\/src\//.exec(
      readFileSync(join(folder, path), 'utf8'),
    )
    return trace === null || path === 'README.md' ? [] : [`${path} speaks of the sources: ${trace[0]}`]
  })
  return [
    ...[...wanted].filter((path) => !files.includes(path)).map((path) => `${path} is missing`),
    ...files.filter((path) => !wanted.has(path) && !isCode(path)).map((path) => `${path} does not belong there`),
    ...leaks,
  ]
}

/** What publint finds, suggestions included. */
export async function lintPackage({ folder }: PackedPackage): Promise<string[]> {
  // What was packed is all that the folder holds.
  const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true })
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)
}

/**
 * What are-the-types-wrong finds, but for two things that are meant: the packages are ES modules only, which CommonJS can
 * `require` in every supported Node, and resolution from before `exports` existed finds nothing but the main entry.
 */
export async function checkTypes({ tarball }: PackedPackage): Promise<string[]> {
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))))
  if (!result.types) return ['there are no types']
  const isMeant = (problem: Problem): boolean =>
    problem.kind === 'CJSResolvesToESM' || ('resolutionKind' in problem && problem.resolutionKind === 'node10')
  return result.problems.filter((problem) => !isMeant(problem)).map((problem) => JSON.stringify(problem))
}
