using System.Reflection;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>Passes everything on to a journal and counts what is read, whatever reads there will be.</summary>
public class CountingJournal : DispatchProxy
{
    private IJournal _journal = null!;
    private int _recoveries;
    private int _heads;
    private int _ownerReads;
    private volatile OwnersGate? _owners;

    /// <summary>Entities whose past was read.</summary>
    public int Recoveries => _recoveries;

    /// <summary>Shards whose head was read.</summary>
    public int Heads => _heads;

    /// <summary>How often the store was asked who owns shards.</summary>
    public int OwnerReads => _ownerReads;

    /// <summary>From now on nobody is told who owns shards before the gate is opened.</summary>
    public OwnersGate HoldOwners() => _owners = new OwnersGate();

    public static (IJournal Journal, CountingJournal Count) Around(IJournal journal)
    {
        var proxy = Create<IJournal, CountingJournal>();
        var count = (CountingJournal)(object)proxy;
        count._journal = journal;
        return (proxy, count);
    }

    protected override object? Invoke(MethodInfo? method, object?[]? arguments)
    {
        switch (method!.Name)
        {
            case nameof(IJournal.RecoverAsync):
                Interlocked.Increment(ref _recoveries);
                break;
            case nameof(IJournal.ReadHeadAsync):
                Interlocked.Increment(ref _heads);
                break;
            case nameof(IJournal.ReadOwnersAsync):
                Interlocked.Increment(ref _ownerReads);
                if (_owners is { } gate)
                {
                    return ReadBehindAsync(gate, (IReadOnlyList<int>)arguments![0]!, (CancellationToken)arguments[1]!);
                }

                break;
        }

        return method.Invoke(_journal, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    private async Task<IReadOnlyList<ShardOwner>> ReadBehindAsync(OwnersGate gate, IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        await gate.PassAsync();
        return await _journal.ReadOwnersAsync(shards, cancellationToken);
    }

    /// <summary>Holds questions for owners back, and tells when the first one is there.</summary>
    public sealed class OwnersGate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Open() => _open.TrySetResult();

        internal Task PassAsync()
        {
            _reached.TrySetResult();
            return _open.Task;
        }
    }
}
