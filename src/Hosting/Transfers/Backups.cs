using System.Text.Json;
using AkkaScale.Hosting.Doctor;
using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Facts;
using AkkaScale.Hosting.Management;
using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyJournal.Care;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting.Transfers;

/// <summary>Backs the embedded store up while nodes run on it; of PostgreSQL it knows the line to type. One backup at a time.</summary>
internal sealed partial class Backups(ClusterInspection inspection, AkkaScaleOptions options, TimeProvider time, ILogger<Backups> logger)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private int _isRunning;
    private long _done;
    private long _total;

    /// <param name="directory">For the line: where the copy shall go.</param>
    public async Task<BackupStatusAnswer> StatusAsync(string? directory, CancellationToken cancellationToken)
    {
        var care = inspection.Session().Store.Care;
        var findings = (await care.InspectAsync(cancellationToken)).Postgres is { } server ? Findings(server) : [];
        return new BackupStatusAnswer(
            options.Store.Kind,
            care is IOnlineBackup && options.Store.BackupPath.Length > 0 ? Path.GetFullPath(options.Store.BackupPath) : null,
            (care as IBaseBackup)?.BaseBackupLine(string.IsNullOrEmpty(directory) ? "DIRECTORY" : directory),
            [.. findings.Select(FindingAnswer.Of)],
            Volatile.Read(ref _isRunning) == 1, Interlocked.Read(ref _done), Interlocked.Read(ref _total));
    }

    /// <exception cref="OrderRefusedException">Not this store, not this name, or one is under way.</exception>
    /// <exception cref="StoreUnavailableException">It did not come to its end; what was written was removed.</exception>
    public async Task<BackupAnswer> RunAsync(BackupRequest request, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        var (backup, target) = Check(request, began);
        if (Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            throw new OrderRefusedException(StatusCodes.Status409Conflict, "A backup is under way already: see GET /backup.");
        }

        // Whole or not there: what a crash leaves behind has another name.
        var partial = target + ".partial";
        try
        {
            LogBegun(logger, target);
            var contents = await backup.BackUpAsync(
                partial, (done, total) => (_, _) = (Interlocked.Exchange(ref _done, done), Interlocked.Exchange(ref _total, total)), cancellationToken);
            var answer = new BackupAnswer(
                target, contents.Identity.ClusterName, contents.Identity.ShardCount, contents.Identity.Generation, began, contents.Heads.Sum(), contents.Heads,
                contents.LastEventAt, contents.Bytes, Math.Round((time.GetUtcNow() - began).TotalSeconds, 3));
            await File.WriteAllBytesAsync(Path.Combine(partial, "backup.json"), JsonSerializer.SerializeToUtf8Bytes(answer, Readable), cancellationToken);
            Directory.Move(partial, target);
            LogDone(logger, target, answer.Events);
            return answer;
        }
        catch (Exception failure)
        {
            Remove(partial);
            throw failure is IOException or UnauthorizedAccessException
                ? new StoreUnavailableException($"The backup could not be written to {target}: {failure.Message}", failure)
                : failure is OperationCanceledException ? new StoreUnavailableException("The backup was given up.", failure) : failure;
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private (IOnlineBackup Backup, string Target) Check(BackupRequest request, DateTimeOffset now)
    {
        if (inspection.Session().Store.Care is not IOnlineBackup backup)
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict, "PostgreSQL is backed up with its own tools: GET /backup, or pbm backup, says the line to type.");
        }

        if (options.Store.BackupPath.Length == 0)
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict, "This node has no directory for backups: set Store:BackupPath, best on another disk, and restart it.");
        }

        var name = request.Name is { Length: > 0 } given ? given : $"backup-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}";
        if (name.Length > 100 || name[0] == '.' || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_')
            || name.EndsWith(".partial", StringComparison.Ordinal))
        {
            throw new OrderRefusedException(
                StatusCodes.Status400BadRequest, "The name of a backup has 1 to 100 letters, digits, dots, dashes and underscores, and begins with no dot.");
        }

        var target = Path.Combine(Path.GetFullPath(options.Store.BackupPath), name);
        return Directory.Exists(target) || Directory.Exists(target + ".partial")
            ? throw new OrderRefusedException(StatusCodes.Status409Conflict, $"There is a backup {name} already, or the rest of one: choose another name, or remove {target}(.partial).")
            : (backup, target);
    }

    private static IEnumerable<Finding> Findings(PostgresFacts server) => PostgresRules.Archive(server).Concat(
        server.MayReplicate
            ? []
            :
            [
                new Finding(
                    "backup/no-permission", Severity.Warning, "This user may not take a base backup", "The nodes' user has neither REPLICATION nor superuser.",
                    "pg_basebackup is refused.", "Use another user in the line (--username), or: ALTER ROLE … REPLICATION."),
            ])
        .Concat(server.MaxWalSenders > server.Replicas.Count + 1
            ? []
            :
            [
                new Finding(
                    "backup/no-sender", Severity.Warning, "No WAL sender is free", $"max_wal_senders is {server.MaxWalSenders}, {server.Replicas.Count} replicas use some; a base backup needs two.",
                    "pg_basebackup is refused.", "Raise max_wal_senders and restart the server."),
            ]);

    private static void Remove(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The next backup of that name says that it is there.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Backup to {Directory} begun")]
    private static partial void LogBegun(ILogger logger, string directory);

    [LoggerMessage(Level = LogLevel.Information, Message = "Backup to {Directory} done, {Events} events")]
    private static partial void LogDone(ILogger logger, string directory, long events);
}
