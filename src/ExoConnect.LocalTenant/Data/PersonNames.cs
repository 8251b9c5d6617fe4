using System.Collections.Frozen;
using System.Globalization;

namespace ExoConnect.LocalTenant.Data;

/// <summary>
/// The names of generated people: a permutation of all pairs of a first and a last name, so that an index has a name, and a name an index, without
/// a table of either. When the pairs run out a number follows.
/// </summary>
internal static class PersonNames
{
    // Name, or name|its letters in an address.
    private const string FirstNames = """
        Adele Alex Alicia Allan Amira Ana Andre Anika Anton Asha Astrid Beatriz Ben Bianca Bruno Camille Carlos Carmen Cassandra Cecilia Chen
        Chloé|chloe Christie Clara Cornelius Dagmar Daniel Daria David Debra Delia Deniz Diego Dimitri Dora Eduardo Eleni Elias Elif Ella Emeka
        Emil Enrico Esther Eva Fatima Felix Fiona Florian Freya Gabriel Gerhart Gita Grace Grady Greta Gunnar Hana Hannah Haruto Helena
        Henrietta Hiro Ibrahim Imani Ingrid Irvin Isaiah Isla Ivan Jakub Jana Javier Joana Johan Joni Jordan José|jose Judith Julian Kamal Karin
        Katarzyna Kenji Khalid Kofi Lars Laura Layla Lea Lee Leonor Lidia Linus Luca Lucía|lucia Lynne Łukasz|lukasz Maeve Malik Marco Maren
        Mariam Marta Mateo Mei Megan Miguel Miriam Nadia Naomi Nestor Niamh Nikhil Noor Oliver Olga Omar Owen Patti Paula Petra Pradeep Priya
        Rafael Raúl|raul Rosa Saoirse Sofía|sofia Søren|soren Zoë|zoe
        """;

    private const string LastNames = """
        Abbott Adeyemi Aguilar Ahmed Almeida Alvarez Andersen Andersson Aoki Arslan Asante Bailey Bakker Banerjee Barbosa Baumann Becker Bell
        Bennett Berg Bergmann Bianchi Blanc Boateng Bonnet Borg Brandt Brennan Brooks Brown Bruun Burke Caruso Castro Chandra Chavez Choi
        Christensen Clarke Cohen Colombo Conti Cooper Costa Cruz Dahl Dalgaard Das Davies Delgado Demir Diallo Diaz Dietrich Dlamini Doyle
        Dubois Duffy Duval Eberhart Edwards Ekström|ekstrom Eriksen Esposito Evans Farah Farkas Fernandes Ferrari Fischer Fitzgerald Flores
        Fontaine Forsberg Foster Fournier Fraser Frost Fuchs Fujita Gallagher Garcia Garnier Gashi Gauthier Georgiou Gibson Girard Gonzalez
        Graham Greco Green Gruber Guerrero Gupta Gustafsson Haas Hagen Halil Hall Hansen Harada Harris Hartmann Hassan Hayashi Heikkinen Henry
        Herrera Hill Hoang Hoffmann Holm Horvat Hughes Hussein Ibáñez|ibanez Ito Ivanov Jackson Jansen Janssen Jensen Jimenez Johansen Johnson
        Jones Joshi Jovanovic Kaya Keane Keller Kelly Khan Kim Klein Koch Kobayashi Kovac Kowalski Kraus Kumar Kruger Lang Larsen Lefebvre
        Lemaire Leroy Levy Lewis Lindberg Lindgren Lombardi Lopez Lund MacLeod Madsen Maier Malhotra Mancini Marino Marques Martin Martinez
        Masters Matos Matsumoto Mazur Mbeki McCarthy Medina Mehta Mendes Meyer Miller Mishra Molina Moore Morales Moreau Moretti Morgan
        Müller|mueller Murphy Nakamura Nair Navarro Nguyen Nielsen Nilsson Nolan Novak Nowak Nuñez|nunez Nyström|nystrom Obi Okafor Oliveira
        Olsen Ortega Osei Østergaard|ostergaard Owens Papadopoulos Park Patel Pavlov Pedersen Pereira Perez Perrin Petrov Phillips Pinto Popescu
        Prasad Price Quinn Ramirez Ramos Rao Reid Reyes Ricci Richter Rivera Roberts Robin Rojas Romano Rossi Roux Ruiz Russo Ryan Salazar
        Sanchez Santos Sato Schmidt Schneider Schröder|schroeder Serrano Shah Sharma Shaw Silva Simon Singh Smith Sokolov Soto Stein Suarez
        Sullivan Suzuki Svensson Takahashi Tanaka Taylor Thomsen Torres Tran Turner Valdez Vance Vargas Vasquez Vega Virtanen Wagner Walsh Wang
        Weber White Wilber Williams Winkler Wong Wood Wright Yamamoto Yilmaz Young Zhang Zimmermann
        """;

    private const int Step = 23719;

    private static readonly (string Shown, string Address)[] First = Parse(FirstNames);
    private static readonly (string Shown, string Address)[] Last = Parse(LastNames);
    private static readonly FrozenDictionary<string, int> FirstByAddress = Index(First, name => name.Address);
    private static readonly FrozenDictionary<string, int> LastByAddress = Index(Last, name => name.Address);
    private static readonly FrozenDictionary<string, int> FirstByName = Index(First, name => name.Shown);
    private static readonly FrozenDictionary<string, int> LastByName = Index(Last, name => name.Shown);
    private static readonly int Start = (LastByAddress["vance"] * First.Length) + FirstByAddress["adele"];
    private static readonly int Inverse = InverseOf(Step, Pairs);

    /// <summary>How many names there are before numbers are needed.</summary>
    public static int Pairs => First.Length * Last.Length;

    /// <summary>The first name of an index.</summary>
    public static string FirstName(int index) => First[Pair(index) % First.Length].Shown;

    /// <summary>The last name of an index.</summary>
    public static string LastName(int index) => Last[Pair(index) / First.Length].Shown;

    /// <summary>The number that follows the name, 1 for none.</summary>
    public static int Number(int index) => (index / Pairs) + 1;

    /// <summary>The local part of an address: <c>adele.vance</c>, <c>adele.vance2</c>.</summary>
    public static string Address(int index)
    {
        var pair = Pair(index);
        var name = $"{First[pair % First.Length].Address}.{Last[pair / First.Length].Address}";
        return index < Pairs ? name : string.Create(CultureInfo.InvariantCulture, $"{name}{Number(index)}");
    }

    /// <summary>The display name: <c>Adele Vance</c>, <c>Adele Vance 2</c>.</summary>
    public static string Shown(int index)
    {
        var pair = Pair(index);
        var name = $"{First[pair % First.Length].Shown} {Last[pair / First.Length].Shown}";
        return index < Pairs ? name : string.Create(CultureInfo.InvariantCulture, $"{name} {Number(index)}");
    }

    /// <summary>The index of an <see cref="Address"/>, in any case.</summary>
    /// <returns>-1 when no index has it.</returns>
    public static int IndexOfAddress(ReadOnlySpan<char> address)
    {
        var dot = address.IndexOf('.');
        if (dot < 0)
        {
            return -1;
        }

        var last = address[(dot + 1)..];
        var letters = last.TrimEnd("0123456789");
        var number = 1;
        if (letters.Length < last.Length
            && (!int.TryParse(last[letters.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out number) || number < 2))
        {
            return -1;
        }

        return Find(FirstByAddress, address[..dot], out var first) && Find(LastByAddress, letters, out var second)
            ? IndexOf((second * First.Length) + first, number)
            : -1;
    }

    /// <summary>The index of a name as it is <see cref="Shown"/>, in any case.</summary>
    /// <returns>-1 when no index has it.</returns>
    public static int IndexOfShown(ReadOnlySpan<char> name)
    {
        var number = 1;
        var space = name.IndexOf(' ');
        if (space < 0)
        {
            return -1;
        }

        var last = name[(space + 1)..];
        var second = last.IndexOf(' ');
        if (second >= 0)
        {
            if (!int.TryParse(last[(second + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out number) || number < 2)
            {
                return -1;
            }

            last = last[..second];
        }

        return Find(FirstByName, name[..space], out var first) && Find(LastByName, last, out var family)
            ? IndexOf((family * First.Length) + first, number)
            : -1;
    }

    private static int IndexOf(int pair, int number)
    {
        var within = (((long)pair - Start + Pairs) % Pairs) * Inverse % Pairs;
        var index = within + ((long)(number - 1) * Pairs);
        return index <= int.MaxValue ? (int)index : -1;
    }

    private static int Pair(int index) => (int)((((long)index * Step) + Start) % Pairs);

    private static bool Find(FrozenDictionary<string, int> names, ReadOnlySpan<char> name, out int index)
    {
        return names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out index);
    }

    private static (string, string)[] Parse(string names)
    {
        return Array.ConvertAll(
            names.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
            name => name.Split('|') is [string shown, string address] ? (shown, address) : (name, name.ToLowerInvariant()));
    }

    private static FrozenDictionary<string, int> Index((string Shown, string Address)[] names, Func<(string Shown, string Address), string> key)
    {
        return names.Select((name, index) => (Key: key(name), Index: index)).ToFrozenDictionary(
            pair => pair.Key, pair => pair.Index, StringComparer.OrdinalIgnoreCase);
    }

    private static int InverseOf(int value, int modulus)
    {
        (var a, var b, long x, long y) = (value % modulus, modulus, 1, 0);
        while (a > 1)
        {
            var quotient = a / b;
            (a, b) = (b, a % b);
            (x, y) = (y, x - (quotient * y));
        }

        return (int)(((x % modulus) + modulus) % modulus);
    }
}
