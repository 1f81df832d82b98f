using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Chaos.Load;

/// <summary>
/// One client: one operation after the other, each under one key over all attempts, at one gateway until that fails. Everything it did and heard goes into
/// the history. What it does next follows from its own random numbers and from what it was answered.
/// </summary>
internal sealed class ChaosClient(int number, int seed, ClientEdge edge, LoadSettings settings, HistoryWriter history, RunClock clock, LoadCounters counters)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly Random _random = new(seed);
    private readonly string _user = $"client-{number}";
    private readonly Dictionary<string, (long Version, bool IsDone)> _seen = [];
    private TaskRequest? _lastWrite;
    private readonly int _number = number;
    private int _gateway = number;
    private long _operations;

    /// <summary>Creates its share of the tasks.</summary>
    public async Task CreateAsync(CancellationToken stop)
    {
        for (var task = _number; task < settings.Entities && !stop.IsCancellationRequested; task += settings.Clients)
        {
            await PerformAsync(TaskRequest.Create($"task-{task}", _user, NewKey()));
        }
    }

    /// <summary>Until <paramref name="stop"/>; the operation under way is finished.</summary>
    public async Task RunAsync(Zipf zipf, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await PerformAsync(Next($"task-{zipf.Next(_random)}"));
            await Task.Delay(TimeSpan.FromMilliseconds(settings.Think.TotalMilliseconds * 2 * _random.NextDouble()), CancellationToken.None);
        }
    }

    /// <summary>Reads one task; null if nobody answered within the bound of an operation.</summary>
    public Task<Operation> ReadAsync(string entity) => PerformAsync(TaskRequest.Read(entity, _user));

    private TaskRequest Next(string entity)
    {
        var seen = _seen.GetValueOrDefault(entity);
        var next = _random.Next(100) switch
        {
            < 30 => TaskRequest.Read(entity, _user),
            < 36 when _lastWrite is { } again => again, // as a client that crashed after the answer, or never trusted it
            < 50 => TaskRequest.Rename(entity, _user, NewKey(), null),
            < 58 => TaskRequest.Rename(entity, _user, NewKey(), Math.Max(1, seen.Version)),
            < 62 => TaskRequest.Unassign(entity, _user, NewKey()),
            < 66 => TaskRequest.Complete(entity, _user, NewKey()),
            _ when seen.IsDone => TaskRequest.Reopen(entity, _user, NewKey(), seen.Version),
            _ => TaskRequest.Comment(entity, _user, NewKey()),
        };
        if (next.Key is not null)
        {
            _lastWrite = next;
        }

        return next;
    }

    private async Task<Operation> PerformAsync(TaskRequest request)
    {
        var call = clock.Now;
        var isImpatient = _random.Next(100) < settings.ImpatientPercent;
        var deadline = call + (isImpatient ? 0 : (long)settings.Deadline.TotalMicroseconds);
        Attempt attempt;
        var attempts = 0;
        while (true)
        {
            var gateways = settings.Gateways;
            var gateway = gateways[_gateway % gateways.Count];
            attempt = await edge.SendAsync(request.Method, gateway, request.Path, request.User, request.Body, request.Key, request.ExpectedVersion, isImpatient);
            attempts++;
            if (attempt.IsSuccess || attempt.IsRefused)
            {
                break;
            }

            if (attempt.Http is >= 400 and < 500 and not 429)
            {
                counters.Misunderstood($"{request.Method} {request.Path}: {attempt}");
                break;
            }

            counters.Repeated();
            _gateway++;
            if (clock.Now + (long)RetryPause.TotalMicroseconds > deadline)
            {
                break;
            }

            await Task.Delay(RetryPause);
        }

        var operation = Operation(request, call, attempt, attempts);
        history.Write(operation);
        counters.Ended(operation);
        if (operation is { IsAnswered: true, Version: { } version })
        {
            _seen[request.Entity] = (version, attempt.Value?.Contains("|done|", StringComparison.Ordinal) == true);
        }

        return operation;
    }

    private Operation Operation(TaskRequest request, long call, Attempt attempt, int attempts) => new()
    {
        Client = _number,
        Number = _operations++,
        Kind = request.Key is null ? OperationKind.Read : OperationKind.Write,
        Entity = request.Entity,
        CommandId = request.CommandId,
        Call = call,
        Return = clock.Now, // of whatever status: nobody waits for it any more
        Status = attempt switch
        {
            { IsSuccess: true } => request.ChangesNothing ? OperationStatus.Unchanged : OperationStatus.Ok,
            { IsRefused: true } => OperationStatus.Refused,
            { Http: 429 or 503 } => OperationStatus.Unavailable,
            { Http: 504 } or { IsSilent: true } => OperationStatus.Timeout,
            _ => OperationStatus.Error,
        },
        Http = attempt.Http,
        Code = attempt.Code,
        Version = attempt.IsSuccess || attempt.IsRefused ? attempt.Version : null,
        Value = attempt.IsSuccess ? attempt.Value : null,
        Attempts = attempts,
    };

    private Guid NewKey()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
