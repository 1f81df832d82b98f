using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace AkkaScale.Management.Logs;

/// <summary>Other levels of the log than those configured, for a time. They end by themselves, so that nobody's disk is filled by a forgotten order. Thread-safe.</summary>
internal sealed class LogLevels(TimeProvider time) : IPostConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>, IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _changes = new();
    private LevelOverride? _now;
    private ITimer? _end;

    /// <summary>Called, without a lock held, when another level holds; null: the configured ones do again.</summary>
    public event Action<LevelOverride?>? Changed;

    /// <summary>Null: the configured levels hold.</summary>
    public LevelOverride? Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    string IOptionsChangeTokenSource<LoggerFilterOptions>.Name => Options.DefaultName;

    /// <summary>In place of one that holds already.</summary>
    public LevelOverride Hold(string source, LogLevel level, TimeSpan duration)
    {
        var held = new LevelOverride(source, level, time.GetUtcNow() + duration);
        Set(held, () => time.CreateTimer(_ => End(held), null, duration, Timeout.InfiniteTimeSpan));
        return held;
    }

    public void Reset() => Set(null, null);

    public IChangeToken GetChangeToken()
    {
        lock (_lock)
        {
            return new CancellationChangeToken(_changes.Token);
        }
    }

    /// <summary>Rules of longer names stay below it: they would win against a shorter one.</summary>
    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        if (Now is not { } held)
        {
            return;
        }

        foreach (var rule in options.Rules.Where(rule => IsBelow(rule.CategoryName, held.Source)).ToList())
        {
            options.Rules.Remove(rule);
        }

        options.Rules.Add(new LoggerFilterRule(null, held.Source, held.Level, null));
    }

    public void Dispose()
    {
        _end?.Dispose();
        _changes.Dispose();
    }

    private static bool IsBelow(string? category, string source) =>
        category is not null && (category == source || category.StartsWith($"{source}.", StringComparison.Ordinal));

    private void End(LevelOverride held)
    {
        if (ReferenceEquals(Now, held))
        {
            Reset();
        }
    }

    private void Set(LevelOverride? next, Func<ITimer>? start)
    {
        CancellationTokenSource before;
        lock (_lock)
        {
            _end?.Dispose();
            (_now, _end) = (next, start?.Invoke());
            before = _changes;
            _changes = new CancellationTokenSource();
        }

        // Whoever reads the rules does so again, in here.
        before.Cancel();
        before.Dispose();
        Changed?.Invoke(next);
    }
}
