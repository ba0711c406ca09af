/** A record's rendering that is kept, as bytes: what is sent a thousand times is encoded once. */

export class Piece {
  /** UTF-8. Once a block was made with it, a part of the block's own bytes, so that no text is held twice. */
  bytes: Buffer
  /** The block of a list that was made with it last. */
  block: Block | undefined

  constructor(text: string) {
    this.bytes = Buffer.from(text, 'utf8')
  }
}

/** A piece of a body with the text before it. */
export interface Part {
  readonly before: string
  readonly piece: Piece
}

/** Neighbours in a list, as one run of bytes. */
export interface Block {
  readonly parts: readonly Part[]
  readonly bytes: Buffer
}
