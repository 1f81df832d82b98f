using AkkaScale.Cluster.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Management.Access;

/// <summary>Writes a row into the database for each changing call.</summary>
/// <param name="table">Null while this node has not reached its database.</param>
/// <param name="node">Name of this node.</param>
internal sealed partial class AuditTrail(Func<AuditTable?> table, string node, TimeProvider time, ILogger<AuditTrail> logger) : IAuditTrail
{
    private const int DenialsAtOnce = 20;

    private static readonly TimeSpan DenialInterval = TimeSpan.FromSeconds(1);

    private readonly DenialMeter _denials = new(DenialsAtOnce, DenialInterval);
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _lock = new();

    public async Task<FinishAudit> BeginAsync(HttpContext context, AccessVerdict verdict)
    {
        var entry = Entry(context, verdict);
        try
        {
            entry = entry with { Nr = await Table().BeginAsync(entry) };
        }
        catch (Exception error)
        {
            // Whatever it was: without a row the call is not carried out.
            throw new AuditUnavailableException(error.Message, error);
        }

        return (note, status) => FinishAsync(entry, note, status);
    }

    public async Task DenyAsync(HttpContext context, AccessVerdict verdict, AccessRefusal refusal)
    {
        if (Count() is not { } silent)
        {
            return;
        }

        var entry = Entry(context, verdict) with
        {
            Why = silent == 0 ? refusal.Code : $"{refusal.Code}; {silent} more denied calls came before it, which have no row",
            Status = refusal.Status,
            Outcome = AuditOutcome.Denied,
        };
        LogDenied(logger, entry.Method, entry.Path, entry.Remote, entry.Who, entry.Why);
        try
        {
            await Table().BeginAsync(entry);
        }
        catch (Exception error)
        {
            LogNotWritten(logger, error.Message);
        }
    }

    private async Task FinishAsync(AuditEntry entry, AuditNote note, int status)
    {
        var finished = entry with
        {
            By = note.By is null ? entry.By : AuditText.Fit(note.By),
            Action = note.Action is null ? entry.Action : AuditText.Fit(note.Action),
            Target = note.Target is null ? entry.Target : AuditText.Fit(note.Target),
            Why = note.Why is null ? entry.Why : AuditText.Fit(note.Why),
            Status = status,
            Outcome = status < StatusCodes.Status400BadRequest ? AuditOutcome.Allowed : AuditOutcome.Failed,
        };
        try
        {
            if (!await Table().FinishAsync(finished))
            {
                LogNotFinished(logger, entry.Nr, status, "there is no such row any more");
            }
        }
        catch (Exception error)
        {
            // The call has been carried out: its answer must not be lost over this.
            LogNotFinished(logger, entry.Nr, status, error.Message);
        }
    }

    private AuditTable Table() => table() ?? throw new InvalidOperationException("This node has not reached its database; see /ready.");

    private long? Count()
    {
        lock (_lock)
        {
            return _denials.Take(time.GetElapsedTime(_started));
        }
    }

    private AuditEntry Entry(HttpContext context, AccessVerdict verdict) => new(
        0, time.GetUtcNow().UtcDateTime, node, verdict.Who, "", verdict.Role.ToString().ToLowerInvariant(),
        context.Connection.RemoteIpAddress?.ToString() ?? "", AuditText.Fit(context.Request.Method), AuditText.Path(context),
        AuditText.Action(context), AuditText.Target(context), "", null, AuditOutcome.Unknown);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Denied: {Method} {Path} from {Remote} as {Who}: {Why}")]
    private static partial void LogDenied(ILogger logger, string method, string path, string remote, string who, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A denied call has no row in the audit log: {Reason}")]
    private static partial void LogNotWritten(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Row {Nr} of the audit log stays without its outcome: the call was answered with {Status}, but {Reason}")]
    private static partial void LogNotFinished(ILogger logger, long nr, int status, string reason);
}
