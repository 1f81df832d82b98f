using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyCluster.Transport;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>Frames between members and the coordinator: loads to it, and what it would do now from it.</summary>
/// <param name="onLoads">Takes the loads a peer reports; must not block.</param>
/// <param name="preview">What this member would do as coordinator; null while it is not.</param>
public sealed class AllocationFrames(
    IPeerNetwork network, Action<ClusterInput.LoadsReported> onLoads, Func<AllocationPreview?> preview, TimeProvider time)
{
    private const int CorrelationBytes = 8;

    private readonly PendingAnswers<AllocationPreview?> _pending = new(time);

    /// <summary>Best effort: a report that is lost makes what the coordinator knows a little older.</summary>
    internal void SendLoads(Incarnation coordinator, LoadReport report) =>
        network.TrySend(coordinator, FrameType.LoadReport, report, static (output, report) => report.Write(output));

    /// <summary>What the coordinator would do now; null: the peer is not the coordinator.</summary>
    /// <exception cref="TimeoutException">No answer in time, or not connected.</exception>
    public Task<AllocationPreview?> AskPreviewAsync(Incarnation coordinator, TimeSpan timeout, CancellationToken cancellationToken) => _pending.AskAsync(
        coordinator,
        correlation => network.TrySend(coordinator, FrameType.PlanRequest, correlation, static (output, correlation) => Write(output, correlation, [])),
        timeout, cancellationToken);

    internal void OnFrame(IPeerConnection from, FrameType type, ReadOnlySequence<byte> payload)
    {
        switch (type)
        {
            case FrameType.LoadReport:
                var report = LoadReport.Read(payload);
                onLoads(new ClusterInput.LoadsReported(from.Peer, report.Interval, report.Shards));
                break;
            case FrameType.PlanRequest:
                Answer(from, Correlation(payload));
                break;
            default:
                OnPreview(from.Peer, payload);
                break;
        }
    }

    private static long Correlation(ReadOnlySequence<byte> payload)
    {
        if (payload.Length < CorrelationBytes)
        {
            throw new FrameFormatException("A frame of the allocation has no correlation number.");
        }

        Span<byte> bytes = stackalloc byte[CorrelationBytes];
        payload.Slice(0, CorrelationBytes).CopyTo(bytes);
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }

    private static void Write(IBufferWriter<byte> output, long correlation, ReadOnlySpan<byte> body)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(CorrelationBytes), correlation);
        output.Advance(CorrelationBytes);
        output.Write(body);
    }

    /// <summary>Not on the connection's turn: a plan for a large cluster takes longer than a frame may.</summary>
    private void Answer(IPeerConnection to, long correlation) => ThreadPool.UnsafeQueueUserWorkItem(
        _ =>
        {
            byte[] body;
            try
            {
                body = preview()?.ToJson() ?? [];
            }
            catch (Exception)
            {
                // The coordinator's loop meets the same fault and tells of it; here it must only not end the process.
                body = [];
            }

            to.TrySend(FrameType.Plan, (correlation, body), static (output, state) => Write(output, state.correlation, state.body));
        },
        null);

    private void OnPreview(Incarnation peer, ReadOnlySequence<byte> payload)
    {
        if (_pending.Take(peer, Correlation(payload)) is not { } waiting)
        {
            return;
        }

        try
        {
            var body = payload.Slice(CorrelationBytes).ToArray();
            waiting.TrySetResult(body.Length == 0 ? null : AllocationPreview.FromJson(body));
        }
        catch (JsonException unreadable)
        {
            throw new FrameFormatException($"A plan cannot be read: {unreadable.Message}");
        }
    }
}
