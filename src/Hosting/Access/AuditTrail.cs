using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting.Access;

/// <summary>
/// Writes a row for each changing call: before it is carried out, so that none is without a row, and what became of it before it is answered, so that whoever
/// has the answer finds it there.
/// </summary>
internal sealed partial class AuditTrail(Engine engine, AkkaScaleOptions options, TimeProvider time, ILogger<AuditTrail> logger)
{
    private const int DenialsAtOnce = 20;

    private static readonly TimeSpan DenialInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(5);

    private readonly DenialMeter _denials = new(DenialsAtOnce, DenialInterval);
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _lock = new();

    /// <exception cref="StoreUnavailableException">There may be no row: the call must not be carried out.</exception>
    public async Task<AuditEntry> BeginAsync(HttpContext context, AccessVerdict verdict)
    {
        var entry = Entry(context, verdict);
        return entry with { Nr = await WriteAsync(entry) };
    }

    /// <summary>A row that is not completed stays as one whose outcome is unknown; the call has been carried out all the same.</summary>
    public async Task FinishAsync(AuditEntry entry, AuditNote note, int status)
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
            if (engine.Session is not { } session
                || await session.Store.Audit.FinishAuditAsync(finished, CancellationToken.None).WaitAsync(StoreTimeout, time) != WriteOutcome.Applied)
            {
                LogNotFinished(logger, entry.Nr, status);
            }
        }
        catch (Exception silence) when (silence is TimeoutException or StoreUnavailableException or ObjectDisposedException)
        {
            LogNotFinished(logger, entry.Nr, status);
        }
    }

    /// <summary>Written if it can be, and if there were not too many lately; the call is denied in any case.</summary>
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
            await WriteAsync(entry);
        }
        catch (StoreUnavailableException unavailable)
        {
            LogNotWritten(logger, unavailable.Message);
        }
    }

    private long? Count()
    {
        lock (_lock)
        {
            return _denials.Take(time.GetElapsedTime(_started));
        }
    }

    private AuditEntry Entry(HttpContext context, AccessVerdict verdict) => new(
        0, time.GetUtcNow(), options.Node.Name, verdict.Who, "", verdict.Role.ToString().ToLowerInvariant(),
        context.Connection.RemoteIpAddress?.ToString() ?? "", AuditText.Fit(context.Request.Method), AuditText.Path(context), AuditText.Action(context),
        AuditText.Target(context), "", null, AuditOutcome.Unknown);

    // Not cancelled when the caller goes away: it is not known then whether there is a row.
    private async Task<long> WriteAsync(AuditEntry entry)
    {
        var session = engine.Session ?? throw new StoreUnavailableException("This node is not a member at the moment; see /ready.");
        try
        {
            return await session.Store.Audit.BeginAuditAsync(entry, CancellationToken.None).WaitAsync(StoreTimeout, time);
        }
        catch (Exception silence) when (silence is TimeoutException or ObjectDisposedException)
        {
            throw new StoreUnavailableException($"The audit log took no row within {StoreTimeout.TotalSeconds:0} s.");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Denied: {Method} {Path} from {Remote} as {Who}: {Why}")]
    private static partial void LogDenied(ILogger logger, string method, string path, string remote, string who, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A denied call has no row in the audit log: {Reason}")]
    private static partial void LogNotWritten(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Row {Nr} of the audit log stays without its outcome: the call was answered with {Status}, but the store did not take it")]
    private static partial void LogNotFinished(ILogger logger, long nr, int status);
}
