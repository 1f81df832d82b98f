using AkkaScale.Cluster.Inspection;
using AkkaScale.Journal.Backups;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Backups;

/// <summary>Gives backups of the embedded store out and looks through those that are brought. One at a time; the store itself is only read.</summary>
internal sealed class StoreBackups(SystemInspection inspection, TimeProvider time) : IDisposable
{
    private const double RoomFactor = 1.1;
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _turn = new(1);

    public Task<BackupAdvice> AdviseAsync(CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
        BackupWords.Of(await inspection.Membership().InspectStoreAsync(cancellationToken)));

    /// <returns>The backup, complete; it is gone when it is closed.</returns>
    /// <exception cref="OrderRefusedException">Another store, no such part, no room, or one is being made already.</exception>
    public Task<Stream> MakeAsync(string? part, CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var store = (await inspection.Membership().InspectStoreAsync(cancellationToken)).Sqlite ?? throw Refused(
            StatusCodes.Status409Conflict, "The store is PostgreSQL, whose own tools back it up: GET /store/backup has the lines to type.");
        var file = part switch
        {
            null or "journal" => store.File,
            "members" => $"{store.File}.members",
            _ => throw Refused(StatusCodes.Status400BadRequest, $"There is no part {part}; there are journal and members."),
        };
        return await InTurnAsync<Stream>(store.File, new FileInfo(file).Length + store.LogBytes, store.FreeBytes, async copy =>
        {
            await Task.Run(() => SqliteBackup.Copy(file, copy), cancellationToken);
            return OpenOnce(copy);
        });
    });

    /// <param name="body">Of <paramref name="length"/> bytes.</param>
    /// <inheritdoc cref="MakeAsync"/>
    public Task<BackupCheckAnswer> CheckAsync(Stream body, long? length, CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var bytes = length ?? throw Refused(StatusCodes.Status411LengthRequired, "Say how long the backup is (Content-Length).");
        var store = (await inspection.Membership().InspectStoreAsync(cancellationToken)).Sqlite;
        var beside = store?.File ?? Path.Combine(Path.GetTempPath(), "akkascale");
        return await InTurnAsync(beside, bytes, store?.FreeBytes ?? new DriveInfo(Path.GetTempPath()).AvailableFreeSpace, async copy =>
        {
            try
            {
                await using (var written = new FileStream(copy, FileMode.CreateNew, FileAccess.Write))
                {
                    await body.CopyToAsync(written, cancellationToken);
                }

                return Answer(await SqliteBackupCheck.RunAsync(copy, cancellationToken), bytes);
            }
            finally
            {
                File.Delete(copy);
            }
        });
    });

    public void Dispose() => _turn.Dispose();

    internal static BackupCheckAnswer Answer(BackupCheck check, long bytes) => new(
        check.Kind switch { BackupKind.Journal => "journal", BackupKind.Members => "members", _ => null },
        check is { Kind: not null, Problems.Count: 0, Violations.Count: 0 }, bytes, check.Problems, check.Statistics?.Events, check.Statistics?.Entities,
        check.Statistics?.Snapshots, check.Statistics?.Leases, [.. check.Violations.Select(found => ViolationAnswer.Of(JournalShow.Violation(found)))]);

    private async Task<T> InTurnAsync<T>(string beside, long bytes, long free, Func<string, Task<T>> work)
    {
        if (bytes * RoomFactor > free)
        {
            throw Refused(
                StatusCodes.Status507InsufficientStorage, FormattableString.Invariant($"It would take {bytes:N0} bytes beside the store for a while, and {free:N0} are free."));
        }

        if (!_turn.Wait(TimeSpan.Zero))
        {
            throw Refused(StatusCodes.Status409Conflict, "This node makes or checks a backup already: wait for it, or ask another.");
        }

        try
        {
            DeleteForgotten(beside);
            return await work($"{beside}.backup-{Guid.CreateVersion7(time.GetUtcNow()):N}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused(StatusCodes.Status500InternalServerError, $"It could not be written: {failure.Message}");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Of a process that ended in the middle of one.</summary>
    private void DeleteForgotten(string beside)
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(beside)!, $"{Path.GetFileName(beside)}.backup-*"))
        {
            if (time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(file) > Forgotten)
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Goes when it is closed.</summary>
    private static FileStream OpenOnce(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);

    private static OrderRefusedException Refused(int status, string message) => new(status, message, "No backup");
}
