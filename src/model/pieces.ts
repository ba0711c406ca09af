/**
 * How a file is cut that comes in pieces. Each is an object of the image store, which lists them all to find where the file ends; S3 has
 * no more parts of one either. So a large file comes in larger pieces, and who sends it and who takes it count alike.
 */
export const MOST_PIECES = 10_000

/** Each piece of a file of so many bytes has so many at least, but for the last one. */
export const leastPiece = (fileBytes: number): number => Math.ceil(fileBytes / MOST_PIECES)

/** What whoever would send pieces of `wanted` bytes sends of a file of so many. */
export const pieceOfFile = (wanted: number, fileBytes: number): number => Math.max(wanted, leastPiece(fileBytes))
