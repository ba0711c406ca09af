/** A secret as it lies in a record: `seal` makes it, `unseal` opens it (store/sealed.ts). */
export type SealedText = string & { readonly sealed: unique symbol }
