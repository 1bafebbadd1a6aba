// Gives a file away: by the phone's own sheet (a chat, a cable, another phone) where it has one, else into the downloads.

/** Share `text` as a file called `name`; returns when the sheet was closed, or the file lies in the downloads. */
export async function shareFile(text: string, name: string): Promise<void> {
  const file = new File([text], name, { type: "text/plain" });
  if (!navigator.canShare?.({ files: [file] })) return download(file);
  await navigator.share({ files: [file] }).catch((error: unknown) => {
    if ((error as DOMException).name !== "AbortError") download(file); // the sheet did not open: she did not close it
  });
}

function download(file: File): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
