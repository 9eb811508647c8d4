import type * as z from 'zod'
import type { Emulator } from './emulator.ts'

/** One command of the control API: what it takes, and what it does. */
export type Command = (input: unknown, emulator: Emulator) => unknown

/** Makes a command that checks what it is given. */
export function command<Input>(schema: z.ZodType<Input>, run: (input: Input, emulator: Emulator) => unknown): Command {
  return (input, emulator) => run(schema.parse(input), emulator)
}
