using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting;

/// <summary>Counts requests under way on the HTTP edge, so that a leaving node answers them before it says farewell.</summary>
public sealed class EdgeTraffic(TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private int _underWay;
    private volatile bool _isClosing;

    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>From now on answers ask clients to connect elsewhere; returns when none is under way, or after two seconds.</summary>
    public async Task WaitUntilQuietAsync(CancellationToken cancellationToken)
    {
        _isClosing = true;
        var started = time.GetTimestamp();
        while (UnderWay > 0 && time.GetElapsedTime(started) < LongestWait)
        {
            await Task.Delay(Look, time, cancellationToken);
        }
    }

    internal sealed class Middleware(RequestDelegate next, EdgeTraffic traffic)
    {
        public async Task InvokeAsync(HttpContext context)
        {
            Interlocked.Increment(ref traffic._underWay);
            try
            {
                if (traffic._isClosing)
                {
                    context.Response.Headers.Connection = "close";
                }

                await next(context);
            }
            finally
            {
                Interlocked.Decrement(ref traffic._underWay);
            }
        }
    }
}
