using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;

namespace AkkaScale.LegacySharding.Regions;

/// <summary>
/// What one node asks of another on behalf of an operator: a topic by name and a body, answered by whoever has registered for that topic. Never part of what
/// serves entities. Frames, big-endian. Question: correlation i64, topic as 8-bit length and UTF-8, the rest is the body. Answer: correlation i64, then u8
/// (0: the rest is the answer; 1: the rest is UTF-8 text of a refusal).
/// </summary>
public sealed class QuestionFrames(Incarnation self, IPeerNetwork network, TimeProvider time)
{
    /// <summary>Longest answer, 1 MiB.</summary>
    public const int MaxAnswerBytes = 1 << 20;

    private const int HeaderBytes = 9;
    private const int MaxAtOnce = 32;

    private readonly ConcurrentDictionary<string, Func<ReadOnlyMemory<byte>, CancellationToken, Task<byte[]>>> _topics = new(StringComparer.Ordinal);
    private readonly PendingAnswers<(bool IsAnswered, byte[] Body)> _pending = new(time);
    private readonly CancellationTokenSource _stop = new();
    private int _working;

    /// <summary>Answers questions of this topic from now on.</summary>
    /// <param name="answer">Runs on a pool thread; what it throws as <see cref="QuestionRefusedException"/> is told to whoever asks.</param>
    public void Answer(string topic, Func<ReadOnlyMemory<byte>, CancellationToken, Task<byte[]>> answer) => _topics[topic] = answer;

    /// <exception cref="TimeoutException">No answer in time; not connected; or the peer's program knows no questions.</exception>
    /// <exception cref="QuestionRefusedException">The peer does not know the topic, is busy, or refuses.</exception>
    public async Task<byte[]> AskAsync(Incarnation peer, string topic, ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (peer == self)
        {
            return await WorkAsync(topic, body, cancellationToken).WaitAsync(timeout, time, cancellationToken);
        }

        var (isAnswered, answer) = await _pending.AskAsync(
            peer, correlation => network.TrySend(peer, FrameType.Question, (correlation, topic, body), static (output, question) => Write(output, question)),
            timeout, cancellationToken);
        return isAnswered ? answer : throw new QuestionRefusedException(Encoding.UTF8.GetString(answer));
    }

    /// <summary>Whoever is at work on a question is told to end.</summary>
    public void Stop() => _stop.Cancel();

    internal void OnFrame(IPeerConnection from, FrameType type, ReadOnlySequence<byte> payload)
    {
        var bytes = payload.ToArray();
        if (bytes.Length < HeaderBytes || (type == FrameType.Question && bytes.Length < HeaderBytes + bytes[8]))
        {
            throw new FrameFormatException("A question or its answer has a wrong form.");
        }

        var correlation = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (type == FrameType.QuestionAnswer)
        {
            _pending.Take(from.Peer, correlation)?.TrySetResult((bytes[8] == 0, bytes[HeaderBytes..]));
            return;
        }

        var topic = Encoding.UTF8.GetString(bytes, HeaderBytes, bytes[8]);
        _ = Task.Run(() => ReplyAsync(from, correlation, topic, bytes.AsMemory(HeaderBytes + bytes[8])), CancellationToken.None);
    }

    private static void Write(IBufferWriter<byte> output, (long Correlation, string Topic, ReadOnlyMemory<byte> Body) question)
    {
        var topic = Encoding.UTF8.GetBytes(question.Topic);
        var header = output.GetSpan(HeaderBytes);
        BinaryPrimitives.WriteInt64BigEndian(header, question.Correlation);
        header[8] = checked((byte)topic.Length);
        output.Advance(HeaderBytes);
        output.Write(topic);
        output.Write(question.Body.Span);
    }

    private async Task ReplyAsync(IPeerConnection to, long correlation, string topic, ReadOnlyMemory<byte> body)
    {
        byte status = 0;
        byte[] answer;
        try
        {
            answer = await WorkAsync(topic, body, _stop.Token);
        }
        catch (Exception failure)
        {
            // Told to whoever asked, who is the one with an interest in it; nothing here depends on it.
            (status, answer) = (1, Encoding.UTF8.GetBytes(failure.Message));
        }

        to.TrySend(FrameType.QuestionAnswer, (correlation, status, answer), static (output, state) =>
        {
            var header = output.GetSpan(HeaderBytes);
            BinaryPrimitives.WriteInt64BigEndian(header, state.correlation);
            header[8] = state.status;
            output.Advance(HeaderBytes);
            output.Write(state.answer);
        });
    }

    private async Task<byte[]> WorkAsync(string topic, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!_topics.TryGetValue(topic, out var work))
        {
            throw new QuestionRefusedException($"This node knows no questions about {topic}.");
        }

        try
        {
            if (Interlocked.Increment(ref _working) > MaxAtOnce)
            {
                throw new QuestionRefusedException($"The node is at work on {MaxAtOnce} questions already: ask again.");
            }

            var answer = await work(body, cancellationToken);
            return answer.Length <= MaxAnswerBytes
                ? answer
                : throw new QuestionRefusedException($"The answer has {answer.Length} bytes; at most {MaxAnswerBytes} can be sent.");
        }
        finally
        {
            Interlocked.Decrement(ref _working);
        }
    }
}
