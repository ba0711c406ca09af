/** What tests asked and were answered, for who wants to read it: appended to the file that LAB_TRANSCRIPT names. */
import { appendFileSync } from 'node:fs'

const file = process.env.LAB_TRANSCRIPT
const last = new Map<string, string>()

/** Runs a question and writes down words, answer and time; what is asked again and again is written when its answer changes. */
export async function noted<T>(words: string, ask: () => Promise<T>, answer: (value: T) => string): Promise<T> {
  if (!file) return ask()
  const from = Date.now()
  try {
    const value = await ask()
    write(words, answer(value), from)
    return value
  } catch (error) {
    write(words, String(error), from)
    throw error
  }
}

function write(words: string, answer: string, from: number): void {
  if (!file || last.get(words) === answer) return
  last.set(words, answer)
  const at = new Date(from).toISOString().slice(11, 19)
  appendFileSync(file, `[${at}] $ ${words}\n${answer.trimEnd()}\n(${((Date.now() - from) / 1000).toFixed(1)} s)\n\n`)
}
