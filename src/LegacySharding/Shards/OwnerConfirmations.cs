using System.Globalization;
using System.Threading.Channels;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Ports;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>
/// Asks the store, for the shards of this node whose confirmed reads wait, whose they are: one query at a time, for all shards that have asked since the last one
/// began. Each shard has one question under way at most, so no more wait than there are shards.
/// </summary>
internal sealed partial class OwnerConfirmations : IAsyncDisposable
{
    private readonly Incarnation _self;
    private readonly IJournal _journal;
    private readonly ShardingOptions _options;
    private readonly TimeProvider _time;
    private readonly ShardingMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(ShardLoop Loop, long Batch)> _questions =
        Channel.CreateUnbounded<(ShardLoop, long)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _running;

    public OwnerConfirmations(
        Incarnation self, IJournal journal, ShardingOptions options, TimeProvider time, ShardingMetrics metrics, ILogger logger)
    {
        _self = self;
        _journal = journal;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    public void Confirm(ShardLoop loop, long batch) => _questions.Writer.TryWrite((loop, batch));

    public async ValueTask DisposeAsync()
    {
        _questions.Writer.TryComplete();
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var asking = new List<(ShardLoop Loop, long Batch)>();
        while (await _questions.Reader.WaitToReadAsync())
        {
            asking.Clear();
            while (_questions.Reader.TryRead(out var question))
            {
                if (!question.Loop.IsStopped)
                {
                    asking.Add(question);
                }
            }

            if (asking.Count > 0)
            {
                await ConfirmAsync(asking);
            }
        }
    }

    /// <summary>The query begins here, after every question it answers; a slow one is given up, and its answer with it.</summary>
    private async Task ConfirmAsync(List<(ShardLoop Loop, long Batch)> asking)
    {
        try
        {
            using var query = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var reading = _journal.ReadOwnersAsync([.. asking.Select(question => question.Loop.Shard).Distinct()], query.Token);
            IReadOnlyList<ShardOwner> owners;
            try
            {
                owners = await reading.WaitAsync(_options.ConfirmationTimeout, _time, _stop.Token);
            }
            catch (TimeoutException)
            {
                await query.CancelAsync();
                throw new TimeoutException(string.Create(
                    CultureInfo.InvariantCulture, $"the store did not say within {_options.ConfirmationTimeout.TotalSeconds} s who owns the shard"));
            }

            var byShard = owners.ToDictionary(owner => owner.Shard);
            foreach (var (loop, batch) in asking)
            {
                Answer(loop, batch, byShard.GetValueOrDefault(loop.Shard));
            }
        }
        catch (Exception fault)
        {
            LogUnavailable(_logger, asking.Count, fault.Message);
            foreach (var (loop, batch) in asking)
            {
                Answer(loop, batch, ConfirmationOutcome.Unavailable, fault.Message);
            }
        }
    }

    private void Answer(ShardLoop loop, long batch, ShardOwner? row)
    {
        if (row?.Owner == _self && row.Epoch == loop.Epoch)
        {
            Answer(loop, batch, ConfirmationOutcome.Confirmed, "");
            return;
        }

        var detail = row?.Owner is { } other ? $"{other} owns the shard at epoch {row.Epoch}" : $"nobody owns the shard at epoch {row?.Epoch ?? 0}";
        Answer(loop, batch, ConfirmationOutcome.NotOwner, detail);
    }

    private void Answer(ShardLoop loop, long batch, ConfirmationOutcome outcome, string detail)
    {
        _metrics.Confirmed(outcome);
        loop.Post(new ShardInput.OwnerConfirmed(batch, outcome, detail));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store could not be asked who owns {Shards} shards whose reads wait for it: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, int shards, string reason);
}
