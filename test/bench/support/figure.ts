/** What a bench finds out. */
export interface Figure {
  readonly what: string
  readonly figure: string
  /** What it stands beside, where the bar is a ratio. */
  readonly base?: string
  readonly bar: string
  readonly isMet: boolean
}

export type Bench = () => Promise<readonly Figure[]>
