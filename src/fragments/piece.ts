/** A record's rendering that is kept, as bytes: what is sent a thousand times is encoded once. */

export class Piece {
  /** UTF-8. Once a block was made with it, a part of the block's own bytes, so that no text is held twice. */
  bytes: Buffer
  /** The block of a list that was made with it last. */
  block: Block | undefined

  constructor(content: string | Buffer) {
    this.bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  }
}

/** A piece of a body with the text before it. */
export interface Part {
  readonly before: string
  readonly piece: Piece
}

/** What was written at once, to be put into other bodies as it is. */
export interface Written {
  readonly parts: readonly Part[]
  readonly after: string
}

/** Neighbours in a list, as one run of bytes. */
export interface Block {
  readonly parts: readonly Part[]
  readonly bytes: Buffer
}
