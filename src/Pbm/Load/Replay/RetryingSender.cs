namespace AkkaScale.Pbm.Load.Replay;

/// <summary>
/// Repeats a request, same bytes and same key, on the next gateway until a definite answer or the deadline. Safe for
/// commands because a key takes effect at most once.
/// </summary>
public sealed class RetryingSender(GatewayClient client, GatewayPool pool, RetryOptions options, TimeProvider time)
{
    /// <param name="random">Jitter; owned by the calling worker.</param>
    /// <param name="onRetry">Told the reason before each repeat: `connection`, `timeout` or status and code.</param>
    /// <exception cref="OperationCanceledException">The caller gave up; the outcome is unknown.</exception>
    public async Task<CallOutcome> SendAsync(
        GatewayRequest request, Random random, Action<string> onRetry, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var gateway = -1;
        for (var attempt = 1; ; attempt++)
        {
            gateway = pool.Next(gateway);
            var (answer, reason) = await TryOnceAsync(gateway, request, started, cancellation).ConfigureAwait(false);
            if (answer is not null && !answer.IsRetryable)
            {
                return new CallOutcome(answer, Unusable(answer), attempt, time.GetElapsedTime(started));
            }

            var pause = Backoff(attempt, answer?.RetryAfter, random);
            if (time.GetElapsedTime(started) + pause >= options.Deadline)
            {
                return new CallOutcome(null, $"no answer within {options.Deadline.TotalSeconds:0.#} s, last: {reason}",
                    attempt, time.GetElapsedTime(started));
            }

            onRetry(reason!);
            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<(GatewayAnswer? Answer, string? Reason)> TryOnceAsync(
        int gateway, GatewayRequest request, long started, CancellationToken cancellation)
    {
        var left = options.Deadline - time.GetElapsedTime(started);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(left < options.AttemptTimeout ? Max(left, TimeSpan.FromMilliseconds(1)) : options.AttemptTimeout);
        try
        {
            var answer = await client.SendAsync(pool.Addresses[gateway], request, timeout.Token).ConfigureAwait(false);
            pool.Trust(gateway);
            return (answer, answer.IsRetryable ? $"{answer.Status} {answer.Code}".TrimEnd() : null);
        }
        catch (HttpRequestException)
        {
            pool.Suspect(gateway);
            return (null, "connection");
        }
        catch (IOException)
        {
            pool.Suspect(gateway);
            return (null, "connection");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            pool.Suspect(gateway);
            return (null, "timeout");
        }
    }

    private TimeSpan Backoff(int attempt, TimeSpan? retryAfter, Random random)
    {
        var step = options.FirstBackoff * Math.Pow(2, Math.Min(attempt - 1, 16));
        var pause = (step < options.LongestBackoff ? step : options.LongestBackoff) * (0.5 + (random.NextDouble() / 2));
        return retryAfter is { } asked ? Max(pause, asked < options.LongestRetryAfter ? asked : options.LongestRetryAfter) : pause;
    }

    /// <summary>Neither an acceptance nor a refusal of the contract: nothing that repeating would change.</summary>
    private static string? Unusable(GatewayAnswer answer)
    {
        if (answer.IsAccepted)
        {
            return answer.Version is null ? $"status {answer.Status} without a version in the body" : null;
        }

        return answer.IsRefusal ? null : $"unexpected status {answer.Status} {answer.Code}".TrimEnd();
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
