/** The name under which a file is written until it is whole; listings leave such names out. */
export const draftName = (task: string, subtask: number): string => `.pierhead-${task}-${subtask}.part`

export const isDraft = (name: string): boolean => /^\.pierhead-[0-9a-f-]{36}-\d+\.part$/.test(name)
