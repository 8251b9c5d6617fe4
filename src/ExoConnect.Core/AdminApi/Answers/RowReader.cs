using System.Text;
using System.Text.Json;

namespace ExoConnect.Core.AdminApi.Answers;

/// <summary>Reads objects of one entity into packed rows. Not for several threads; keeps its buffers from row to row.</summary>
/// <param name="entity">What the rows are: a cmdlet's noun.</param>
internal sealed class RowReader(string entity)
{
    private const int MaxKnown = 32;

    private readonly List<RowShape> _known = [];
    private readonly List<byte[]> _names = [];
    private RowShape? _shape;
    private ValueKind[] _kinds = new ValueKind[64];
    private int[] _ends = new int[64];
    private byte[] _values = new byte[1024];
    private int _count;
    private int _length;

    /// <summary>Reads one object.</summary>
    /// <param name="reader">Stands on the object's first brace; afterwards on its last. Its place is undefined after false.</param>
    /// <param name="buffer">The bytes the reader was made over.</param>
    /// <param name="row">The object.</param>
    /// <returns>False if the buffer ends inside the object.</returns>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public bool TryRead(ref Utf8JsonReader reader, ReadOnlySpan<byte> buffer, out ExoObject? row)
    {
        _count = _length = 0;
        _names.Clear();
        row = null;
        var guess = _shape;
        ReadOnlySpan<byte> annotated = default;
        ValueKind annotation = 0;
        while (true)
        {
            if (!reader.Read())
            {
                return false;
            }

            if (reader.TokenType == JsonTokenType.EndObject)
            {
                break;
            }

            var name = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(AnswerJson.Text(ref reader)) : reader.ValueSpan;
            var at = name.IndexOf((byte)'@');
            if (!reader.Read())
            {
                return false;
            }

            if (at >= 0)
            {
                if (reader.TokenType == JsonTokenType.String && TypeAnnotations.Read(reader.ValueSpan) is not 0 and var type)
                {
                    annotated = name[..at];
                    annotation = type;
                }
            }
            else
            {
                Match(ref guess, name);
                Append(ref reader, buffer, annotation != 0 && annotated.SequenceEqual(name) ? annotation : 0, out var complete);
                if (!complete)
                {
                    return false;
                }

                annotation = 0;
                continue;
            }

            if (!reader.TrySkip())
            {
                return false;
            }
        }

        if (guess is null || guess.Utf8Names.Length != _count)
        {
            guess = Adopt(guess);
        }

        _shape = guess;
        row = ObjectModel.Create(guess, PackedRow.Pack(_kinds.AsSpan(0, _count), _ends.AsSpan(0, _count), _values.AsSpan(0, _length)));
        return true;
    }

    /// <summary>Keeps the guess while the names go as it says; else looks for a known shape that agrees so far; else collects names.</summary>
    private void Match(ref RowShape? guess, ReadOnlySpan<byte> name)
    {
        if (guess is not null)
        {
            if (_count < guess.Utf8Names.Length && name.SequenceEqual(guess.Utf8Names[_count]))
            {
                return;
            }

            foreach (var known in _known)
            {
                if (known != guess && _count < known.Utf8Names.Length && name.SequenceEqual(known.Utf8Names[_count]) && Agree(known, guess, _count))
                {
                    guess = known;
                    return;
                }
            }

            _names.AddRange(guess.Utf8Names.AsSpan(0, _count));
            guess = null;
        }

        _names.Add(name.ToArray());
    }

    private static bool Agree(RowShape a, RowShape b, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!a.Utf8Names[i].AsSpan().SequenceEqual(b.Utf8Names[i]))
            {
                return false;
            }
        }

        return true;
    }

    private RowShape Adopt(RowShape? prefix)
    {
        var names = prefix is null
            ? _names.ConvertAll(Encoding.UTF8.GetString).ToArray()
            : prefix.Names.Take(_count).ToArray();
        var shape = ObjectModel.ShapeOf(entity, names);
        if (!_known.Contains(shape) && _known.Count < MaxKnown)
        {
            _known.Add(shape);
        }

        return shape;
    }

    private void Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> buffer, ValueKind type, out bool complete)
    {
        var kind = AnswerJson.Kind(reader);
        ReadOnlySpan<byte> value;
        if (kind is ValueKind.Array or ValueKind.Object)
        {
            var start = (int)reader.TokenStartIndex;
            complete = reader.TrySkip();
            if (!complete)
            {
                return;
            }

            value = buffer[start..(int)reader.BytesConsumed];
        }
        else
        {
            complete = true;
            value = kind is ValueKind.Null or ValueKind.True or ValueKind.False ? default : reader.ValueSpan;
        }

        if (_count == _kinds.Length)
        {
            Array.Resize(ref _kinds, _count * 2);
            Array.Resize(ref _ends, _count * 2);
        }

        if (_length + value.Length > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(_values.Length * 2, _length + value.Length));
        }

        value.CopyTo(_values.AsSpan(_length));
        _length += value.Length;
        _kinds[_count] = kind | type;
        _ends[_count++] = _length;
    }
}
