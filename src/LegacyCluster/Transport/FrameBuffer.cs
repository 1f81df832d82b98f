using System.Buffers;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>
/// Frames that wait to be sent, in pooled segments. A frame's header is reserved first and filled in when its payload is
/// written, because only then its length is known; a frame that turns out not to fit is taken back whole.
/// </summary>
internal sealed class FrameBuffer(int maxFrameBytes) : IBufferWriter<byte>
{
    private const int SegmentBytes = 32 * 1024;

    private readonly List<Segment> _segments = [];
    private int _frameSegment;
    private int _frameOffset;
    private int _frameStart;

    /// <summary>Bytes of all frames in here, an unfinished one included.</summary>
    public int Length { get; private set; }

    /// <summary>Finished frames.</summary>
    public int Frames { get; private set; }

    public int SegmentCount => _segments.Count;

    public ReadOnlySpan<byte> SegmentAt(int index) => _segments[index].Bytes.AsSpan(0, _segments[index].Used);

    public void BeginFrame()
    {
        _ = GetSpan(FrameHeader.Size);
        _frameSegment = _segments.Count - 1;
        _frameOffset = _segments[^1].Used;
        _frameStart = Length;
        Advance(FrameHeader.Size);
    }

    /// <summary>Length of the frame begun last, header included.</summary>
    public int FrameLength => Length - _frameStart;

    public void EndFrame(FrameType type, ulong sequence)
    {
        new FrameHeader((uint)FrameLength, type, sequence).Write(_segments[_frameSegment].Bytes.AsSpan(_frameOffset));
        Frames++;
    }

    public void TakeBackFrame()
    {
        ReturnSegmentsAfter(_frameSegment);
        _segments[_frameSegment].Used = _frameOffset;
        Length = _frameStart;
    }

    /// <exception cref="FrameFormatException">The frame is over the bound that every receiver enforces.</exception>
    public void Advance(int count)
    {
        var last = _segments[^1];
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, last.Bytes.Length - last.Used);
        if (FrameLength + count > maxFrameBytes)
        {
            throw new FrameFormatException($"A frame of {FrameLength + count} bytes or more is over the bound of {maxFrameBytes}.");
        }

        last.Used += count;
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var segment = SegmentWithRoom(sizeHint);
        return segment.Bytes.AsMemory(segment.Used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        var segment = SegmentWithRoom(sizeHint);
        return segment.Bytes.AsSpan(segment.Used);
    }

    /// <summary>Empties the buffer for reuse; one segment stays, the others go back to the pool.</summary>
    public void Clear()
    {
        ReturnSegmentsAfter(0);
        if (_segments is [{ Bytes.Length: > SegmentBytes }])
        {
            Release();
        }
        else if (_segments.Count > 0)
        {
            _segments[0].Used = 0;
        }

        Length = 0;
        Frames = 0;
        _frameStart = 0;
    }

    /// <summary>Empties the buffer and gives everything back.</summary>
    public void Release()
    {
        ReturnSegmentsAfter(-1);
        Length = 0;
        Frames = 0;
        _frameStart = 0;
    }

    private Segment SegmentWithRoom(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 1);
        if (_segments.Count > 0 && _segments[^1] is var last && last.Bytes.Length - last.Used >= needed)
        {
            return last;
        }

        // A hint is not yet a write; over the bound it can never become one.
        if (needed > maxFrameBytes)
        {
            throw new FrameFormatException($"{needed} bytes asked for, the bound of a frame is {maxFrameBytes}.");
        }

        var segment = new Segment(ArrayPool<byte>.Shared.Rent(Math.Max(needed, SegmentBytes)));
        _segments.Add(segment);
        return segment;
    }

    private void ReturnSegmentsAfter(int index)
    {
        for (var i = _segments.Count - 1; i > index; i--)
        {
            ArrayPool<byte>.Shared.Return(_segments[i].Bytes);
            _segments.RemoveAt(i);
        }
    }

    private sealed class Segment(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        public int Used { get; set; }
    }
}
