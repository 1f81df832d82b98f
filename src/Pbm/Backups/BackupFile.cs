namespace AkkaScale.Pbm.Backups;

/// <summary>
/// A file that gets its name when it is complete and on the disk, and not before: what breaks off in the middle leaves nothing that looks whole.
/// </summary>
internal sealed class BackupFile(string path) : IDisposable
{
    private readonly string _temporary = $"{path}.part-{Environment.ProcessId}";
    private bool _isNamed;

    public string Path { get; } = path;

    public long Bytes { get; private set; }

    /// <param name="patience">For each part that is read.</param>
    /// <param name="progress">Is told how many bytes there are.</param>
    /// <exception cref="IOException">The disk, or the connection, has failed.</exception>
    public async Task FillAsync(Stream from, TimeSpan patience, Action<long> progress, CancellationToken cancellation)
    {
        try
        {
            await CopyAsync(from, patience, progress, cancellation).ConfigureAwait(false);
        }
        catch (ArgumentOutOfRangeException tooLarge)
        {
            // So the runtime tells that a file may not be that large here.
            throw new IOException(tooLarge.Message, tooLarge);
        }
    }

    /// <exception cref="IOException">Somebody else has made a file of that name.</exception>
    public void Name()
    {
        File.Move(_temporary, Path, overwrite: false);
        _isNamed = true;
    }

    public void Dispose()
    {
        if (!_isNamed)
        {
            File.Delete(_temporary);
        }
    }

    private async Task CopyAsync(Stream from, TimeSpan patience, Action<long> progress, CancellationToken cancellation)
    {
        await using var file = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var buffer = new byte[1 << 17];
        while (true)
        {
            using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            bound.CancelAfter(patience);
            int read;
            try
            {
                read = await from.ReadAsync(buffer, bound.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new IOException($"nothing came for {patience.TotalSeconds:0} s");
            }

            if (read == 0)
            {
                break;
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            Bytes += read;
            progress(Bytes);
        }

        file.Flush(flushToDisk: true);
    }
}
