using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Node.Connections;

/// <summary>
/// The connections of one HTTP port, at most so many. A new one beyond the bound takes the place of the one that has been without a request for longest: refusing the
/// newcomer, as the server's own limit does, would let whoever opens idle connections first keep everybody else out.
/// </summary>
/// <param name="port">gateway or management, for metric and log.</param>
internal sealed partial class ConnectionRoom(string port, int bound, TimeProvider time, ILogger logger)
{
    public const string MadeRoom = "made_room";
    public const string NoRoom = "no_room";

    /// <summary>Connections looked at for one newcomer. Each look forgives one use, so that a few newcomers later an unused one is found.</summary>
    private const int MaxLooks = 256;

    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    private static readonly Meter Meter = new("AkkaScale.Http");

    private static readonly UpDownCounter<int> Open =
        Meter.CreateUpDownCounter<int>("akkascale.http.connections", "{connection}", "Connections that stand, by port");

    private static readonly Counter<long> Closed = Meter.CreateCounter<long>(
        "akkascale.http.connections.closed", "{connection}",
        "Connections closed for want of room, by port and reason: made_room had no request for longest, no_room came when all others were at work");

    private readonly Lock _gate = new();
    private readonly LinkedList<Held> _held = new();
    private long _toldAt = long.MinValue;
    private long _untold;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>Connection middleware of the port.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        var held = new Held(connection);
        if (!TryAdmit(held, out var victim))
        {
            Turn(connection, NoRoom);
            return;
        }

        if (victim is not null)
        {
            Turn(victim.Connection, MadeRoom);
        }

        var tag = new KeyValuePair<string, object?>("port", port);
        Open.Add(1, tag);
        connection.Features.Set(held);
        try
        {
            await next(connection);
        }
        finally
        {
            Open.Add(-1, tag);
            lock (_gate)
            {
                held.Leave(_held);
            }
        }
    };

    /// <summary>Request middleware: who has a request under way, or had one lately, is not the first to go.</summary>
    public static async Task Notice(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Held>() is not { } held)
        {
            await next(context);
            return;
        }

        held.IsAtWork = true;
        held.WasUsed = true;
        try
        {
            await next(context);
        }
        finally
        {
            held.IsAtWork = false;
        }
    }

    /// <param name="victim">Whom it replaces; no longer held.</param>
    private bool TryAdmit(Held held, out Held? victim)
    {
        victim = null;
        lock (_gate)
        {
            if (_held.Count >= bound)
            {
                victim = Victim_NeedsLock();
                if (victim is null)
                {
                    return false;
                }

                victim.Leave(_held);
            }

            held.Enter(_held);
            return true;
        }
    }

    /// <summary>The first in order of arrival without a use since it was looked at last; among those all used, the first that is not at work.</summary>
    private Held? Victim_NeedsLock()
    {
        Held? idle = null;
        for (var looks = Math.Min(MaxLooks, _held.Count); looks > 0; looks--)
        {
            var first = _held.First!.Value;
            if (!first.IsAtWork && !first.WasUsed)
            {
                return first;
            }

            idle ??= first.IsAtWork ? null : first;
            first.WasUsed = false;
            first.Leave(_held);
            first.Enter(_held);
        }

        return idle;
    }

    private void Turn(ConnectionContext connection, string reason)
    {
        Closed.Add(1, new("port", port), new("reason", reason));
        connection.Abort(new ConnectionAbortedException(
            reason == MadeRoom ? $"A newer connection of the {port} port needed its place." : $"All connections of the {port} port are at work."));
        var untold = Interlocked.Increment(ref _untold);
        var now = time.GetTimestamp();
        var last = Interlocked.Read(ref _toldAt);
        if ((last == long.MinValue || time.GetElapsedTime(last, now) >= TellEvery) && Interlocked.CompareExchange(ref _toldAt, now, last) == last)
        {
            Interlocked.Add(ref _untold, -untold);
            LogFull(logger, port, bound, untold, reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Port} port holds its bound of {Bound} connections: {Closed} were closed since the last report, latest {Reason}; who was without a request for longest goes first")]
    private static partial void LogFull(ILogger logger, string port, int bound, long closed, string reason);

    /// <summary>One connection; its place in the order is guarded by the room's lock, its flags are not: a request more or less is no matter.</summary>
    internal sealed class Held(ConnectionContext connection)
    {
        private LinkedListNode<Held>? _place;

        public ConnectionContext Connection { get; } = connection;

        public volatile bool IsAtWork;

        public volatile bool WasUsed;

        public void Enter(LinkedList<Held> held) => _place = held.AddLast(this);

        public void Leave(LinkedList<Held> held)
        {
            if (_place is { } place)
            {
                held.Remove(place);
                _place = null;
            }
        }
    }
}
